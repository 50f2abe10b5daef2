"""A simulated shop: people, what they buy, how they log in, and who really owns each id.

In: a number of people and a seed. Out: Parquet files in the layout of the e-commerce project, and a truth
apart from them. Must not read a clock, a network or a project.
"""
