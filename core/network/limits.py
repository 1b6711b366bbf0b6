"""What is refused before anything is allocated: every limit on a network, by name.

The limits keep an answer within seconds, and a long count within a minute. They are not limits of the arithmetic,
which is exact at any size.
"""

MAX_TEXT = 20_000  # characters of a network's text
MAX_SIDE = 1_000_000  # input positions along one axis: a minute of sound at 16 kHz
MAX_MAP_POSITIONS = 2**21  # positions of one feature map, the input's among them: a volume of 128 a side
MAX_LAYERS = 2000  # layers and joins, repeats included
MAX_NESTING = 12  # joins inside joins
MAX_BRANCHES = 16  # branches of one join
MAX_KERNEL = 1024  # also the largest stride and dilation
MAX_PAD = 2048  # padding on one side
MAX_CHANNELS = 65_536
MAX_CONNECTIONS = 256  # random connections for each position
MAX_PERIOD = 65_536  # units after which a pattern of receptive fields repeats
MAX_FIELD_READS = 4_000_000  # followed one by one for the fields of all layers (a few seconds)
MAX_SEED = 2**31 - 1
SECONDS_AT_ONCE = 1  # of one count: what takes longer is for a process of its own where others wait for this one
MAX_SECONDS = 60  # of one count of all pixels, estimated (exact.work)
MAX_BYTES = 2**30  # of one count, estimated
MAX_CLOCK = 120  # seconds of a process of its own, by the clock: estimates are off by a factor of two or three
MAX_PROCESS_BYTES = 3 * 2**30  # of a process of its own, its code included
MAX_RESULT_BYTES = 256 * 2**20  # of what it answers
