package dev.fanfare.schema;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.Signature;
import java.lang.classfile.Signature.ArrayTypeSig;
import java.lang.classfile.Signature.BaseTypeSig;
import java.lang.classfile.Signature.ClassTypeSig;
import java.lang.classfile.Signature.TypeVarSig;

/** How types are called where their package does not matter. */
final class Names {
  private static final int LONGEST = 128;

  private Names() {}

  /** A name for a definition, of letters, digits and underscores: {@code Page_Order}. */
  static String of(Signature type) {
    String name = raw(type).replaceAll("[^\\p{Alnum}_]", "_");
    return name.length() <= LONGEST ? name : name.substring(0, LONGEST);
  }

  /** As {@link Class#getSimpleName} tells it: {@code Circle} for {@code Shapes$Circle}. */
  static String simple(ClassModel model) {
    String own = model.thisClass().asInternalName();
    return model
        .findAttribute(Attributes.innerClasses())
        .flatMap(
            all ->
                all.classes().stream()
                    .filter(inner -> inner.innerClass().asInternalName().equals(own))
                    .findFirst())
        .map(inner -> inner.innerName().map(name -> name.stringValue()).orElse(""))
        .orElseGet(() -> own.substring(own.lastIndexOf('/') + 1));
  }

  private static String raw(Signature type) {
    return switch (type) {
      case BaseTypeSig base -> String.valueOf(base.baseType());
      case TypeVarSig variable -> variable.identifier();
      case ArrayTypeSig array -> raw(array.componentSignature()) + "s";
      case ClassTypeSig named -> {
        String full = Generics.binaryName(named);
        var name = new StringBuilder(full.substring(full.lastIndexOf('.') + 1));
        name.delete(0, name.lastIndexOf("$") + 1);
        named.typeArgs().forEach(each -> name.append('_').append(raw(Generics.argument(each))));
        yield name.toString();
      }
    };
  }
}
