def momentum_step(parameters, velocity, gradients, rate, momentum):
    velocity = {name: momentum * velocity[name] - rate * gradients[name]
                for name in parameters}
    return {name: parameters[name] + velocity[name]
            for name in parameters}, velocity
