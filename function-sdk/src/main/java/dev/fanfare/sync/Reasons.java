package dev.fanfare.sync;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why something could not be done with a file, in a few words without its name. */
public final class Reasons {
  private Reasons() {}

  /** The words. */
  public static String words(Exception failure) {
    Exception cause = failure;
    if (failure instanceof DirectoryIteratorException e && e.getCause() != null) {
      cause = e.getCause();
    }
    if (cause instanceof NoSuchFileException) {
      return "it is not there any more";
    } else if (cause instanceof AccessDeniedException) {
      return "permission denied";
    } else if (cause instanceof DirectoryNotEmptyException) {
      return "the folder is not empty";
    } else if (cause instanceof FileSystemException e && e.getReason() != null) {
      return e.getReason();
    }
    String message = cause instanceof IOException ? cause.getMessage() : null;
    return message == null ? cause.toString() : message;
  }
}
