"""A bridge: care with an end date for the visits that cannot wait, of people who wait and have nobody yet.

It finds which of these visits running rounds and contracts can still take today, in three strict orders side by side, and shows
what each does and leaves. It chooses none: a named person does. Nothing here is asked of anybody, and nobody's care changes.
"""
