"""What payouts reacts to: nothing yet; deciding and paying are acts."""

from foundation.outbox import Reader

READERS: tuple[Reader, ...] = ()
