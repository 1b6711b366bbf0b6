"""How a tensor's dimensions lie on a feature map, and the graph that operators on such tensors build."""
