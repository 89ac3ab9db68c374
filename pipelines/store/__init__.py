"""Where the secrets of the connections are kept between runs, when the environment does not hold them."""
