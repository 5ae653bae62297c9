"""A rule said no; the sentence is for the person who asked, in their language, with what to do instead."""


class Refused(Exception):  # noqa: N818 -- the field's word; it is an answer, not a fault
    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
