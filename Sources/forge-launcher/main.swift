print("forge-launcher")
