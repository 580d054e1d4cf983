// This package was withdrawn by its author.
