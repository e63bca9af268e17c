package dev.fanfare.examples;

import dev.fanfare.function.Fn;

/** The smallest function there is. */
public class Greetings {

  /** Greets somebody by name. */
  @Fn
  public String hello(String name) {
    return "Hello, " + name + "!";
  }
}
