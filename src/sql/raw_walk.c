/*
 * raw_walk.c - goes over raw trees of any shape, by the descriptors that protobuf-c keeps of its messages.
 */
#include "sql/analyze_int.h"

static bool walk_member(const ProtobufCMessage *child, RawVisitor visit, void *arg)
{
    return child && visit(child, arg);
}

bool raw_walk(const ProtobufCMessage *message, RawVisitor visit, void *arg)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        const char *base = (const char *)message;
        if (field->type != PROTOBUF_C_TYPE_MESSAGE)
            continue;
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            size_t count = *(const size_t *)(const void *)(base + field->quantifier_offset);
            ProtobufCMessage *const *items = *(ProtobufCMessage *const *const *)(const void *)(base + field->offset);
            for (size_t j = 0; j < count; j++)
                if (walk_member(items[j], visit, arg))
                    return true;
            continue;
        }
        /* of a oneof only the member that is set */
        if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) && *(const uint32_t *)(const void *)(base + field->quantifier_offset) != field->id)
            continue;
        if (walk_member(*(ProtobufCMessage *const *)(const void *)(base + field->offset), visit, arg))
            return true;
    }
    return false;
}
