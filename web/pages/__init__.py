"""The pages: what people see, in their own language."""
