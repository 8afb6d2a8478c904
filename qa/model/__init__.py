"""A chat model's words for a built-in answer, each sentence checked."""
