package dev.fanfare.benchmark;

/** How many a second, and how long half of them took at most. */
record Figures(double perSecond, double p50Micros) {}
