my_wait_ms = 0
my_mind = ("A GPU whose batches cost the same at any size, or a model so slow "
           "that 2 ms are nothing beside it; measured again at my load.")
