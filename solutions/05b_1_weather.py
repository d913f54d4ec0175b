def weather(station, day, temperatures):  # a text, an int, floats -> bytes
    example = tf.train.Example()
    feature = example.features.feature
    feature["station"].bytes_list.value.append(station.encode())
    feature["day"].int64_list.value.append(day)
    feature["temperatures"].float_list.value.extend(temperatures)
    return example.SerializeToString()
