"""An address of version 1: the shell opens the page of today in its place."""

from pages.frame import shell

shell.frame()
