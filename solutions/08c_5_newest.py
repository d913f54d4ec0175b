def newest(folder):  # a Path -> the Path to resume from, or None
    files = folder.glob("step-*.weights.h5")  # .tmp is not complete

    def step(file):
        return int(file.name.split(".")[0].removeprefix("step-"))

    return max(files, key=step, default=None)
