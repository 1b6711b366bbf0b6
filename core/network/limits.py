"""What is refused before anything is allocated: every limit on a network, by name.

The limits keep each answer within seconds; they are not limits of the arithmetic, which is exact at any size.
"""

MAX_TEXT = 20_000  # characters of a network's text
MAX_SIDE = 1024  # input positions along one axis
MAX_MAP_SIDE = 4096  # positions along one axis of any feature map (upsampling grows them)
MAX_MAP_POSITIONS = 2_000_000  # positions of one feature map
MAX_LAYERS = 2000  # layers and joins, repeats included
MAX_NESTING = 12  # joins inside joins
MAX_BRANCHES = 16  # branches of one join
MAX_KERNEL = 1024  # also the largest stride and dilation
MAX_PAD = 2048  # padding on one side
MAX_CHANNELS = 65_536
MAX_CONNECTIONS = 256  # random connections for each position
MAX_PERIOD = 8192  # units after which a pattern of receptive fields repeats
MAX_SEED = 2**31 - 1
MAX_ADDITIONS = 60_000_000  # additions of whole numbers, one count of all pixels (a few seconds)
