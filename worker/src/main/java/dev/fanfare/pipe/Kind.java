package dev.fanfare.pipe;

import java.io.IOException;

/** What a message of a pipe is about. */
enum Kind {
  /** Near to far, first: how the worker is to be run. */
  START(1),
  /** Far to near: dial the gateway; the link has this message's number. */
  DIAL(2),
  /** Near to far: the link is open; the other end's name. */
  OPEN(3),
  /** Near to far: it cannot be opened; why, in words. */
  FAILED(4),
  /** Near to far: it never will be; why, in words. */
  REFUSED(5),
  /** Both ways: a frame in CBOR. */
  FRAME(6),
  /** Far to near: close the link. */
  CLOSE(7),
  /** Near to far: the link is gone; why, in words. */
  CLOSED(8),
  /** Far to near: what to dial with from now on. */
  CREDENTIAL(9),
  /** Near to far: finish what runs within so many milliseconds, then end. */
  STOP(10),
  /** Near to far, now and then: the near end is there. */
  ALIVE(11),
  /** Never sent: there is nothing more to send. */
  END(0);

  /** How it is written. */
  final int code;

  Kind(int code) {
    this.code = code;
  }

  /** The kind that is written so. */
  static Kind of(int code) throws IOException {
    for (Kind kind : values()) {
      if (kind.code == code && kind != END) {
        return kind;
      }
    }
    throw new IOException("a message of kind " + code + " came, which is not known here");
  }
}
