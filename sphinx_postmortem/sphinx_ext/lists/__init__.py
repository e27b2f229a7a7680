"""The directives that list records of the whole knowledge base."""
