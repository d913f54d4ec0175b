def publish(export, base):  # -> the new number
    numbers = [int(one.name) for one in base.iterdir() if one.name.isdigit()]
    number = max(numbers, default=0) + 1
    aside = base / f"{number}.tmp"
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(export, aside)
    aside.rename(base / str(number))
    return number
