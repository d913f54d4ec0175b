def my_reward(game, actions):  # -> (games,)
    return -abs(game.ball - game.paddle)


my_guess = 0.95
my_reason = """It pays for each column that the paddle is nearer, long before the
ball is down. If it learned no faster than by catching alone, I'd drop it."""
