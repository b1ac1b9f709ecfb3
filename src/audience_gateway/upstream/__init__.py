"""The one way out over HTTP: deadlines, byte caps, proof of completeness, retries of reads, one error tree."""
