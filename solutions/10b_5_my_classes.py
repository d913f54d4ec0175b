faces = [name for name in names if name.endswith("face")]
whole = [name for name in names
         if f"{name} face" in faces or name in ("rabbit", "elephant", "goat")]
my_classes = {"faces": faces, "whole animals": whole}
my_guess = 0.9  # balanced accuracy, 0..1
my_mind = ("I think they see shapes: one round face against four legs. Below "
           "0.7 I would say that they see the kind of animal instead.")
