"""セット: several lots become so many kits of a kit item, and can be taken apart again."""
