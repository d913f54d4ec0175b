def run_batch(file, inputs):  # (n, ...) floats -> (n, units) floats
    interpreter = Interpreter(model_content=file)
    [pixels] = interpreter.get_input_details()
    [scores] = interpreter.get_output_details()
    interpreter.resize_tensor_input(pixels["index"], inputs.shape)
    interpreter.allocate_tensors()
    scale, zero_point = pixels["quantization"]
    if scale:
        ends = np.iinfo(pixels["dtype"])
        inputs = np.round(inputs / scale) + zero_point
        inputs = np.clip(inputs, ends.min, ends.max)
    interpreter.set_tensor(pixels["index"], inputs.astype(pixels["dtype"]))
    interpreter.invoke()
    outputs = interpreter.get_tensor(scores["index"]).astype("float32")
    scale, zero_point = scores["quantization"]
    return scale * (outputs - zero_point) if scale else outputs
