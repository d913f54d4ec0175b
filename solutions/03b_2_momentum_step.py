def momentum_step(variable, velocity, gradient, learning_rate, momentum):
    velocity.assign(momentum * velocity - learning_rate * gradient)
    variable.assign_add(velocity)
