"""A package, so that pytest closes its browser and its server before it runs other tests."""
