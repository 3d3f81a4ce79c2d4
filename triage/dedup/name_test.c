/* SPDX-License-Identifier: Apache-2.0
 * Tests of names: the qualified name, and the roles of functions. */
#include "base/util.h"
#include "name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void test_qualified(void **state)
{
	static const char *const rows[][2] = {
		{ "parse", "parse" },
		{ "parse(int, char const*)", "parse" },
		{ "parse.part.0", "parse" },
		{ "parse.isra.0.cold", "parse" },
		{ "parse.constprop.3", "parse" },
		{ "parse.llvm.123456789", "parse" },
		{ "parse(int) [clone .part.3]", "parse" },
		{ "parse [clone .cold]", "parse" },
		{ "parse+0x1c", "parse" },
		{ "ns::Box<int, std::less<int>>::put(int) const", "ns::Box::put" },
		{ "void fill<int>(int*)", "fill" },
		{ "void std::__sort<int*, less>(int*, int*, less)", "std::__sort" },
		{ "unsigned char* std::__copy_move<false, true>::__copy_m<int>(int const*)",
			"std::__copy_move::__copy_m" },
		{ "matrix_t *seq2d_create(int, int)", "seq2d_create" },
		{ "struct box **ns::first(int)", "ns::first" },
		{ "char const& ns::Text::front() const", "ns::Text::front" },
		{ "int (*ns::handler_of(int))(char)", "ns::handler_of" },
		{ "decltype (fp(fp0)) std::invoke<F, A>(F&&, A&&)", "std::invoke" },
		{ "std::ostream& operator<< <char>(std::ostream&, char)", "operator<<" },
		{ "operator<< <int>", "operator<<" },
		{ "ns::Box::operator()(int) const", "ns::Box::operator()" },
		{ "ns::Box::operator->() const", "ns::Box::operator->" },
		{ "ns::Box::operator bool() const", "ns::Box::operator bool" },
		{ "int& ns::Box::operator[](unsigned long)", "ns::Box::operator[]" },
		{ "bool operator<(Box const&, Box const&)", "operator<" },
		{ "operator new(unsigned long)", "operator new" },
		{ "(anonymous namespace)::parse(int)", "(anonymous namespace)::parse" },
		{ "void (anonymous namespace)::fill<int>(int*)", "(anonymous namespace)::fill" },
		{ "ns::`anonymous namespace'::parse", "ns::(anonymous namespace)::parse" },
		{ "non-virtual thunk to ns::Box::put(int)", "ns::Box::put" },
		{ "ns::run(int)::{lambda(int)#1}::operator()(int) const", "ns::run" },
		{ "get[abi:cxx11](int)", "get" },
		{ "main.(*Reader).Next", "main.(*Reader).Next" },
		{ "main.Map[...].Put", "main.Map.Put" },
		{ "<alloc::vec::Vec<T> as core::ops::Drop>::drop", "alloc::vec::Vec::drop" },
		{ "<app::Frame as core::fmt::Display>::fmt", "app::Frame::fmt" },
		{ "<&mut app::Frame as core::fmt::Debug>::fmt", "app::Frame::fmt" },
		{ "<T as core::convert::Into<U>>::into", "core::convert::Into::into" },
		{ "<[T] as core::ops::index::Index<I>>::index", "core::ops::index::Index::index" },
		{ "core::ptr::drop_in_place<app::Frame>", "core::ptr::drop_in_place" },
		{ "-[Reader next:]", "-[Reader next:]" },
		{ "memcpy@@GLIBC_2.14", "memcpy" },
		{ "_start", "_start" },
		{ "<<<", "<<<" },
		{ ")(", ")" },
		{ "*", "*" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		AUTO_FREE char *name = name_qualified(rows[i][0]);

		assert_string_equal(name, rows[i][1]);
	}
}

static void test_roles(void **state)
{
	static const struct {
		const char *name;
		bool accessor, check, cleanup;
	} rows[] = {
		{ "get16", true, false, false },
		{ "ns::getUShort", true, false, false },
		{ "EXTRACT_32BITS", true, false, false },
		{ "ns::us2Data", true, false, false },
		{ "bitstream_getbits", true, false, false },
		{ "ns::MemIo::read", true, false, false },
		{ "ns::Value::copy", true, false, false },
		{ "buf_read_u32le", true, false, false },
		{ "ns::toLong", true, false, false },
		{ "table_at", true, false, false },
		{ "script_deref_object", true, false, false },
		{ "script_get_object_from_value", true, false, false },
		{ "xml_read_node", false, false, false },
		{ "get_header", false, false, false },
		{ "ns::Box::operator[]", true, false, false },
		{ "ns::Box::operator->", true, false, false },
		{ "ns::Text::size", true, false, false },
		/* code of their own */
		{ "ns::Image::readMetadata", false, false, false },
		{ "readDirectory", false, false, false },
		{ "load_palette", false, false, false },
		{ "image_load", false, false, false },
		{ "bmp_read", false, false, false },
		{ "get", false, false, false },
		{ "put", false, false, false },
		{ "size", false, false, false },
		{ "local_copy", false, false, false },
		{ "parse_from", false, false, false },
		{ "ns::Box::operator()", false, false, false },
		{ "operator new", false, false, false },
		{ "decode", false, false, false },
		{ "widget", false, false, false },
		/* checks */
		{ "script_assert_fail", false, true, false },
		{ "port_fatal", false, true, false },
		{ "die", false, true, false },
		{ "ns::CheckFailed", false, true, false },
		{ "diesel_engine", false, false, false },
		/* tidying up */
		{ "heap_finalize", false, false, true },
		{ "Engine::shutdown", false, false, true },
		{ "final", false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (name_is_accessor(rows[i].name) != rows[i].accessor ||
			name_is_check(rows[i].name) != rows[i].check ||
			name_is_cleanup(rows[i].name) != rows[i].cleanup)
			fail_msg("%s: accessor %d, check %d, cleanup %d", rows[i].name,
				name_is_accessor(rows[i].name), name_is_check(rows[i].name),
				name_is_cleanup(rows[i].name));
	}
}

static bool is_img(const char *word, const void *arg)
{
	(void)arg;
	return strcmp(word, "img") == 0;
}

static void test_wrapper(void **state)
{
	(void)state;
	assert_true(name_is_wrapper("img_free", is_img, NULL));
	assert_true(name_is_wrapper("imgRealloc", is_img, NULL));
	assert_true(name_is_wrapper("xmalloc", is_img, NULL) ==
		false); /* one word, and in ignore.def */
	assert_true(name_is_wrapper("x_malloc", is_img, NULL));
	assert_true(name_is_wrapper("ns::Pool::alloc", is_img, NULL));
	assert_false(name_is_wrapper("node_free", is_img, NULL));
	assert_false(name_is_wrapper("img_free_all", is_img, NULL));
	assert_false(name_is_wrapper("img_decode", is_img, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_qualified),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_wrapper),
	};

	return cmocka_run_group_tests_name("name", tests, NULL, NULL);
}
