"""The identity graph of an entity: read ids, apply rules, find connected components, assign main ids."""
