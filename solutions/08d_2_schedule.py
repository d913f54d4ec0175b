def schedule(p, m):  # -> a list of tasks for each device
    orders = []
    for device in range(p):
        ahead = min(p - device, m)
        order = [("F", k) for k in range(ahead)]
        for k in range(m):
            order.append(("B", k))
            if k + ahead < m:
                order.append(("F", k + ahead))
        orders.append(order)
    return orders
