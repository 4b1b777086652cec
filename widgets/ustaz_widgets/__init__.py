"""What a person sees and touches in Ustaz; knows nothing of nbgrader or the course."""
