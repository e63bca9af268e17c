package dev.fanfare.channel;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.type.TypeFactory;
import dev.fanfare.function.Channel;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Lets channels travel inside items, as {@code {"$channel": 3}}. */
public final class ChannelModule extends SimpleModule {
  private static final long serialVersionUID = 1L;
  private static final String FIELD = "$channel";

  /** For any mapper; it works only in items of a {@link Conversation}. */
  public ChannelModule() {
    super("fanfare-channels");
    addSerializer(Channel.class, new Writer());
    addDeserializer(
        Channel.class, new Reader(TypeFactory.unknownType(), TypeFactory.unknownType()));
  }

  @SuppressWarnings("rawtypes")
  private static final class Writer extends StdSerializer<Channel> {
    private static final long serialVersionUID = 1L;

    Writer() {
      super(Channel.class);
    }

    @Override
    public void serialize(Channel value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      var conversation = (Conversation) provider.getAttribute(Conversation.class);
      if (conversation == null) {
        provider.reportBadDefinition(
            Channel.class, "a channel travels in items of another channel, nowhere else");
        return;
      }
      int number = conversation.numberOf(value);
      out.writeStartObject();
      out.writeNumberField(FIELD, number);
      out.writeEndObject();
    }

    @Override
    public void serializeWithType(
        Channel value, JsonGenerator out, SerializerProvider provider, TypeSerializer type)
        throws IOException {
      serialize(value, out, provider);
    }
  }

  @SuppressWarnings("rawtypes")
  private static final class Reader extends StdDeserializer<Channel>
      implements ContextualDeserializer {
    private static final long serialVersionUID = 1L;

    private final JavaType in;
    private final JavaType out;

    Reader(JavaType in, JavaType out) {
      super(Channel.class);
      this.in = in;
      this.out = out;
    }

    @Override
    public JsonDeserializer<?> createContextual(
        DeserializationContext context, @Nullable BeanProperty property) {
      JavaType type = context.getContextualType();
      if (type == null && property != null) {
        type = property.getType();
      }
      return type == null || type.containedTypeCount() != 2
          ? this
          : new Reader(type.containedType(0), type.containedType(1));
    }

    @Override
    public Channel deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode json = context.readTree(parser);
      var conversation = (Conversation) context.getAttribute(Conversation.class);
      if (conversation == null || !json.path(FIELD).isInt()) {
        return context.reportInputMismatch(
            this, "a channel travels as {\"%s\": number}, in items of another channel", FIELD);
      }
      Channel found = conversation.claim(json.get(FIELD).intValue(), in, out);
      return found != null
          ? found
          : context.reportInputMismatch(
              this, "there is no channel %d, or it was read before", json.get(FIELD).intValue());
    }
  }
}
