"""Can a class look at this together?"""

from pages.class_room import desk
from pages.frame import shell

shell.frame()
desk.show()
