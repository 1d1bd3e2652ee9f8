/*
 * array_value.c - arrays as values of a type: every element goes through its own type's functions. Also oidvector and int2vector.
 *
 * Invariants:
 *  1. A Value of an array type is its canonical text: elements as their type's canonical text, OIDs in place of names.
 *  2. The binary form is PostgreSQL's: dimensions, whether NULLs occur, element type, bounds, elements with their lengths.
 *
 * Any thread.
 */
#include "type/type_int.h"

enum { VECTOR_MAX_ELEMENTS = 100 };

static char delimiter_of(const TypeCall *call)
{
    return call->element->oid == TYPE_BOX ? ';' : ',';
}

static TypeCall element_call(const TypeCall *call)
{
    TypeCall element = *call;
    element.row = call->element;
    element.oid = call->element->oid;
    element.element = NULL;
    return element;
}

/* Settings that no canonical text depends on; names are resolved on the way in, so none on the way out. */
static TypeCall canonical(TypeCall call)
{
    call.context = &TYPE_CONTEXT_CANONICAL;
    return call;
}

static bool write_value(const TypeCall *call, const Value *value, ArrayElement *out)
{
    Str text;
    str_init(&text, call->arena);
    if (!call->row->output(call, value, &text))
        return false;
    *out = (ArrayElement){text.data, text.len};
    return true;
}

static bool finish(const TypeCall *call, const ArrayShape *shape, Value *out)
{
    Str text;
    str_init(&text, call->arena);
    type_array_write_shape(shape, delimiter_of(call), &text);
    *out = value_text(text.data, text.len);
    return true;
}

bool array_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    ArrayShape shape;
    TypeCall in = element_call(call), canon = canonical(in);
    if (!in.row->input)
        return error_unsupported(call->error, "type %s[] is not supported", in.row->name);
    if (!type_array_read(text, len, delimiter_of(call), call->arena, &shape, call->error))
        return false;
    for (size_t i = 0; i < shape.count; i++) {
        ArrayElement *element = &shape.elements[i];
        Value value;
        if (element->text && (!in.row->input(&in, element->text, element->len, &value) || !write_value(&canon, &value, element)))
            return false;
    }
    return finish(call, &shape, out);
}

bool array_output(const TypeCall *call, const Value *value, Str *out)
{
    if (type_text_is_settled(call->oid) || call->context == &TYPE_CONTEXT_CANONICAL || !call->element->input) {
        str_addn(out, value->s.ptr, value->s.len);
        return true;
    }
    ArrayShape shape;
    TypeCall write = element_call(call), canon = canonical(write);
    if (!type_array_read(value->s.ptr, value->s.len, delimiter_of(call), call->arena, &shape, call->error))
        return false;
    for (size_t i = 0; i < shape.count; i++) {
        ArrayElement *element = &shape.elements[i];
        Value parsed;
        if (element->text && (!canon.row->input(&canon, element->text, element->len, &parsed) || !write_value(&write, &parsed, element)))
            return false;
    }
    type_array_write_shape(&shape, delimiter_of(call), out);
    return true;
}

/* ---- binary ---- */

static bool bad_header(const TypeCall *call, const char *message)
{
    return error_set(call->error, ERRCODE_INVALID_BINARY_REPRESENTATION, "%s", message);
}

static bool receive_header(const TypeCall *call, BinaryReader *reader, ArrayShape *shape)
{
    int64_t ndim = binary_read_int(reader, 4);
    if (ndim < 0)
        return error_set(call->error, ERRCODE_INVALID_BINARY_REPRESENTATION, "invalid number of dimensions: %d", (int)ndim);
    if (ndim > ARRAY_MAX_DIM)
        return error_set(call->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "number of array dimensions (%d) exceeds the maximum allowed (%d)",
                         (int)ndim, ARRAY_MAX_DIM);
    int64_t flags = binary_read_int(reader, 4);
    if (flags != 0 && flags != 1)
        return bad_header(call, "invalid array flags");
    Oid element = (Oid)binary_read_uint(reader, 4);
    if (!reader->failed && element != call->element->oid)
        return error_set(call->error, ERRCODE_DATATYPE_MISMATCH, "binary data has array element type %u (%s) instead of expected %u (%s)",
                         element, element ? type_row(element)->display : "-", call->element->oid, call->element->display);
    shape->ndim = (int)ndim;
    uint64_t count = ndim ? 1 : 0;
    for (int i = 0; i < ndim; i++) {
        shape->dims[i] = (int32_t)binary_read_int(reader, 4);
        shape->lower[i] = (int32_t)binary_read_int(reader, 4);
        count *= shape->dims[i] < 0 ? 0 : (uint64_t)shape->dims[i];
        if (shape->dims[i] < 0 || count > 0x7FFFFFF)
            return error_set(call->error, ERRCODE_PROGRAM_LIMIT_EXCEEDED, "array size exceeds the maximum allowed (%d)", 0x7FFFFFF);
    }
    if (reader->failed)
        return binary_read_end(reader, call->error);
    shape->count = (size_t)count;
    if (!count)
        shape->ndim = 0;
    return true;
}

bool array_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    ArrayShape shape = {0};
    TypeCall receive = element_call(call), canon = canonical(receive);
    if (!receive.row->receive)
        return error_set(call->error, ERRCODE_UNDEFINED_FUNCTION, "no binary input function available for type %s", receive.row->display);
    if (!receive_header(call, &reader, &shape))
        return false;
    /* Each element has at least its length's four bytes: no more room is made than the message can fill. */
    if (shape.count > (len - reader.at) / 4)
        return error_set(call->error, ERRCODE_INVALID_BINARY_REPRESENTATION, "insufficient data left in message");
    shape.elements = ARENA_ARRAY(call->arena, ArrayElement, shape.count + 1);
    for (size_t i = 0; i < shape.count; i++) {
        int64_t size = binary_read_int(&reader, 4);
        if (size < -1 || (size > 0 && (size_t)size > len - reader.at) || reader.failed)
            return bad_header(call, "insufficient data left in message");
        const char *data = size < 0 ? NULL : binary_read_bytes(&reader, (size_t)size);
        Value value;
        if (data && (!receive.row->receive(&receive, data, (size_t)size, &value) || !write_value(&canon, &value, &shape.elements[i]))) {
            if (str_eq(call->error->message, "incorrect binary data format"))
                error_set(call->error, ERRCODE_INVALID_BINARY_REPRESENTATION, "improper binary format in array element %zu", i + 1);
            return false;
        }
    }
    return binary_read_end(&reader, call->error) && finish(call, &shape, out);
}

bool array_send(const TypeCall *call, const Value *value, Str *out)
{
    ArrayShape shape;
    TypeCall send = element_call(call), canon = canonical(send);
    if (!send.row->send || !send.row->input)
        return error_set(call->error, ERRCODE_UNDEFINED_FUNCTION, "no binary output function available for type %s", send.row->display);
    if (!type_array_read(value->s.ptr, value->s.len, delimiter_of(call), call->arena, &shape, call->error))
        return false;
    bool has_nulls = false;
    for (size_t i = 0; i < shape.count; i++)
        has_nulls |= !shape.elements[i].text;
    binary_write_uint(out, (uint64_t)shape.ndim, 4);
    binary_write_uint(out, has_nulls, 4);
    binary_write_uint(out, send.oid, 4);
    for (int i = 0; i < shape.ndim; i++) {
        binary_write_uint(out, (uint64_t)shape.dims[i], 4);
        binary_write_uint(out, (uint64_t)shape.lower[i], 4);
    }
    for (size_t i = 0; i < shape.count; i++) {
        size_t at = out->len;
        Value element;
        binary_write_uint(out, UINT32_MAX, 4);
        if (!shape.elements[i].text)
            continue;
        if (!canon.row->input(&canon, shape.elements[i].text, shape.elements[i].len, &element) || !send.row->send(&send, &element, out))
            return false;
        uint32_t size = __builtin_bswap32((uint32_t)(out->len - at - 4));
        memcpy(out->data + at, &size, 4);
    }
    return true;
}

/* ---- oidvector, int2vector: numbers with spaces between; in binary an array with lower bound 0 ---- */

/* An oidvector's numbers end where their digits end; those of an int2vector at a space. */
static const char *vector_token_end(const TypeCall *call, const char *at, const char *end)
{
    if (call->element->oid != TYPE_OID) {
        while (at < end && !is_space(*at))
            at++;
        return at;
    }
    const char *digits = at + (*at == '-' || *at == '+');
    const char *stop = digits;
    while (stop < end && is_digit(*stop))
        stop++;
    return stop == digits ? at : stop;
}

bool vector_input(const TypeCall *call, const char *text, size_t len, Value *out)
{
    TypeCall in = element_call(call);
    Str list;
    str_init(&list, call->arena);
    const char *at = text, *end = text + len;
    int count = 0;
    for (;;) {
        while (at < end && is_space(*at))
            at++;
        if (at == end)
            break;
        const char *start = at;
        at = vector_token_end(call, at, end);
        if (at == start)
            return type_invalid(&in, start, (size_t)(end - start));
        Value value;
        if (count++ >= VECTOR_MAX_ELEMENTS)
            return error_set(call->error, ERRCODE_INVALID_PARAMETER_VALUE, "%s has too many elements", call->row->name);
        if (!in.row->input(&in, start, (size_t)(at - start), &value))
            return false;
        if (list.len)
            str_addc(&list, ' ');
        int_output(&in, &value, &list);
    }
    *out = value_text(list.data, list.len);
    return true;
}

bool vector_output(const TypeCall *call, const Value *value, Str *out)
{
    return text_output(call, value, out);
}

bool vector_receive(const TypeCall *call, const char *bytes, size_t len, Value *out)
{
    BinaryReader reader = {.bytes = bytes, .len = len};
    ArrayShape shape = {0};
    TypeCall receive = element_call(call);
    Str list;
    str_init(&list, call->arena);
    if (!receive_header(call, &reader, &shape))
        return false;
    for (size_t i = 0; i < shape.count && !reader.failed; i++) {
        size_t size = (size_t)binary_read_int(&reader, 4);
        const char *data = binary_read_bytes(&reader, size);
        Value value;
        if (data && !receive.row->receive(&receive, data, size, &value))
            return false;
        if (i)
            str_addc(&list, ' ');
        if (data)
            int_output(&receive, &value, &list);
    }
    *out = value_text(list.data, list.len);
    return binary_read_end(&reader, call->error);
}

bool vector_send(const TypeCall *call, const Value *value, Str *out)
{
    ArrayShape shape = {.ndim = 1, .lower = {0}};
    VEC(ArrayElement) elements = {0};
    const char *at = value->s.ptr, *end = at + value->s.len;
    while (at < end) {
        const char *stop = memchr(at, ' ', (size_t)(end - at));
        ArrayElement element = {at, (size_t)((stop ? stop : end) - at)};
        vec_push(call->arena, &elements, element);
        at += element.len + 1;
    }
    shape.elements = elements.items;
    shape.count = elements.count;
    shape.dims[0] = (int32_t)elements.count;
    Str text;
    str_init(&text, call->arena);
    /* An empty vector still has its one dimension. */
    if (!shape.count) {
        const uint32_t header[] = {1, 0, call->element->oid, 0, 0};
        for (size_t i = 0; i < COUNT_OF(header); i++)
            binary_write_uint(out, header[i], 4);
        return true;
    }
    type_array_write_shape(&shape, ',', &text);
    Value array = value_text(text.data, text.len);
    return array_send(call, &array, out);
}
