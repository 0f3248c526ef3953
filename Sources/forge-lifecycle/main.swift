print("forge-lifecycle")
