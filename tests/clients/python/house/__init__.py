# What the suites in Python share: the real program, the vendor's client, and a record of every answer.
