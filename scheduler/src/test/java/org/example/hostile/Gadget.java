package org.example.hostile;

import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.concurrent.atomic.AtomicInteger;

/** Does something when it is made of bytes. */
public final class Gadget implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How often it was. */
  public static final AtomicInteger MADE = new AtomicInteger();

  private void readObject(ObjectInputStream in) {
    MADE.incrementAndGet();
  }
}
