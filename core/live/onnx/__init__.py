"""ONNX files as models: another spelling of the operators that the tracer hears."""
