class AddSign(keras.optimizers.Optimizer):
    def build(self, variables):
        super().build(variables)
        self.m = self.add_optimizer_variables(variables, "m")

    def update_step(self, gradient, variable, learning_rate):
        m = self.m[self._get_variable_index(variable)]
        m.assign(0.9 * m + 0.1 * gradient)
        agree = keras.ops.sign(gradient) * keras.ops.sign(m)
        variable.assign_sub(learning_rate * (1 + agree) * gradient)
