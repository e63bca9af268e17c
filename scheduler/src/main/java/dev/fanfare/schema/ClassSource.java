package dev.fanfare.schema;

import java.lang.classfile.ClassModel;
import java.util.Optional;

/** Finds class files by name. */
@FunctionalInterface
public interface ClassSource {

  /** The class of this binary name, for example {@code com.example.Images$Size}, if it is there. */
  Optional<ClassModel> find(String binaryName);
}
