# introspection
