"""Whether this installation is alive, ready and well: for a load balancer, and for whoever looks after it."""
