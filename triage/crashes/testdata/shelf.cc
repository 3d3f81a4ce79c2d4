// SPDX-License-Identifier: Apache-2.0
// A catalogue in C++ with known bugs, each of which can be mended alone: shelf FILE [MENDED].
// The file's first byte says which bug, the second in which way. What is marked SHARED holds no bug itself.
#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

#include <unistd.h>

#define NOINLINE __attribute__((noinline))

static int mended;
static volatile int sink;

// Is bug @number still there? Not known when this is compiled.
static bool bug(int number)
{
	return mended != number;
}

// What checks end in. SHARED
namespace base {
NOINLINE static void die(const std::string &text)
{
	std::cerr << text << std::endl;
	abort();
}

class CheckFailure {
public:
	CheckFailure(const char *file, int line, const char *expression)
	{
		text_ << "F20240102 03:04:05.000006 " << getpid() << " " << file << ":" << line
		      << "] Check failed: " << expression << " ";
	}
	NOINLINE ~CheckFailure()
	{
		die(text_.str());
	}
	std::ostream &stream()
	{
		return text_;
	}

private:
	std::ostringstream text_;
};
} // namespace base

#define CHECK(expression) \
	if (!(expression)) \
	base::CheckFailure(__FILE__, __LINE__, #expression).stream()

namespace shelf {

using bytes = std::vector<uint8_t>;

// SHARED
static inline unsigned get16(const uint8_t *at)
{
	return static_cast<unsigned>(at[0] << 8 | at[1]);
}

// SHARED
NOINLINE static void copy_into(char *to, const char *from, size_t size)
{
	memcpy(to, from, size);
	sink = to[0];
}

struct Palette {
	std::vector<int> colours = std::vector<int>(16);

	NOINLINE int colour(size_t i) const
	{
		return colours[bug(1) || i < 16 ? i : 0]; // BUG(1)
	}
};

NOINLINE static void load_palette(const bytes &in)
{
	Palette palette;

	// far enough for a page that is not there
	sink = palette.colour(in[1] % 2 != 0 ? 1u << 28 : 1u << 27);
}

NOINLINE static std::string read_name(const bytes &in)
{
	std::string text(reinterpret_cast<const char *>(in.data()), in.size());
	size_t from = bug(2) || text.size() > 100 ? 100 : 0;

	return text.substr(from + in[1] % 3); // BUG(2)
}

NOINLINE static void collect_tags(const bytes &in)
{
	std::vector<std::string> tags(1, "a first tag that is long enough to have its own memory");

	if (!bug(3))
		tags.reserve(1000);
	const std::string &first = tags.front();
	for (unsigned i = 0; i < 100u + in[1]; i++)
		tags.push_back("x");
	sink = first[in[1] % 4]; // BUG(3)
	if (bug(3) && first[0] != 'a')
		*reinterpret_cast<volatile char *>(8) = 1; // BUG(3), without a sanitizer
}

// A bound that is checked for two callers. SHARED
NOINLINE static int *row_at(int i)
{
	static int rows[4];

	assert(i >= 0 && i < 4);
	return &rows[i];
}

NOINLINE static void load_row(const bytes &in)
{
	sink = *row_at(bug(4) ? 4 + in[1] : 3); // BUG(4)
}

NOINLINE static void store_row(const bytes &in)
{
	*row_at(bug(5) ? -1 - in[1] : 0) = 1; // BUG(5)
}

NOINLINE static void check_header(const bytes &in)
{
	CHECK(!bug(6) || in[0] == 99) << "a header of " << in.size(); // BUG(6)
	sink = 1;
}

NOINLINE static void check_footer(const bytes &in)
{
	CHECK(!bug(7) || in[0] == 98) << "a footer of " << in.size(); // BUG(7)
	sink = 2;
}

// Recursion without end, of three functions, begun at two of them.
struct Parser {
	int depth;

	NOINLINE void value()
	{
		volatile char room[100] = {};

		if (bug(8) || depth++ < 100)
			list(); // BUG(8)
		sink = room[0];
	}
	NOINLINE void list()
	{
		volatile char room[300] = {};

		item(0);
		sink = room[1];
	}
	NOINLINE void item(int kind)
	{
		value();
		sink = kind;
	}
};

struct Node {
	Node *next = nullptr;
	int weight = 1;
};

NOINLINE static int weigh(const Node *node)
{
	volatile char room[100] = {};
	int rest = node != nullptr ? weigh(node->next) : 0; // BUG(9), for a ring

	return rest + room[rest & 1] + (node != nullptr ? node->weight : 0);
}

NOINLINE static void weigh_ring(const bytes &in)
{
	Node nodes[8];
	size_t count = 2 + in[1] % 6;

	for (size_t i = 0; i < count; i++)
		nodes[i].next = i + 1 < count ? &nodes[i + 1] : bug(9) ? &nodes[0] : nullptr;
	sink = weigh(nodes);
}

// Copied without a word, its memory has two owners.
struct Image {
	char *pixels = static_cast<char *>(malloc(64));
	NOINLINE ~Image()
	{
		free(pixels); // BUG(10)
	}
};

NOINLINE static void show_twice(const bytes &in)
{
	Image image;
	Image copy(image);

	if (!bug(10))
		copy.pixels = static_cast<char *>(malloc(64));
	sink = in[1];
}

NOINLINE static void drop_inside(const bytes &in)
{
	char *volatile text = static_cast<char *>(calloc(1, 64));

	free(text + (bug(11) ? 8 + in[1] % 4 : 0)); // BUG(11)
	sink = in[1];
}

struct Card {
	char title[16];
	char author[16];
	void (*print)(const Card *);
};

NOINLINE static void put_title(const bytes &in)
{
	std::string text(bug(12) ? 1u << 23 : 8, 'x');
	auto card = std::make_unique<Card>();

	copy_into(card->title, text.data(), text.size() - in[1]); // BUG(12)
}

NOINLINE static void put_author(const bytes &in)
{
	std::string text(bug(13) ? 1u << 23 : 8, 'y');
	auto card = std::make_unique<Card>();

	copy_into(card->author, text.data(), text.size() - in[1]); // BUG(13)
	sink = 3;
}

struct Shape {
	virtual ~Shape() = default;
	virtual int area() const = 0;
};

struct Square : Shape {
	int area() const override
	{
		return 4;
	}
};

NOINLINE static void draw_all(const bytes &in)
{
	std::vector<std::unique_ptr<Shape>> shapes(1 + in[1] % 3);

	if (!bug(14))
		for (auto &shape : shapes)
			shape = std::make_unique<Square>();
	for (const auto &shape : shapes)
		sink = shape->area(); // BUG(14)
}

NOINLINE static void resolve_link(const bytes &in)
{
	std::map<int, int> links = { { 1, 2 } };

	sink = links.at(bug(15) ? 300 + in[1] : 1); // BUG(15)
}

NOINLINE static void convert(const char *text)
{
	sink = std::stoi(text);
}

// Nothing may be thrown here, and is.
NOINLINE static void set_year(const bytes &in) noexcept
{
	convert(bug(16) ? (in[1] % 2 != 0 ? "none" : "") : "1"); // BUG(16)
}

// One mistake of a template, met in two instances.
template <class T> class Cache {
	std::vector<T> kept_;

public:
	NOINLINE const T *find(const T &wanted)
	{
		kept_.assign(40, T());
		const T *found = &kept_[0];

		if (bug(17)) {
			kept_.clear();
			kept_.shrink_to_fit();
			found = reinterpret_cast<const T *>(64); // for those without a sanitizer
		}
		sink = *found == wanted; // BUG(17)
		return found;
	}
};

NOINLINE static void look_up(const bytes &in)
{
	if (in[1] % 2 != 0)
		Cache<long>().find(7);
	else
		Cache<short>().find(7);
}

// In a lambda that the library calls.
NOINLINE static void count_words(const bytes &in)
{
	std::vector<int *> words(4 + in[1] % 3, const_cast<int *>(&mended));

	if (bug(18))
		words.back() = reinterpret_cast<int *>(16);
	std::for_each(words.begin(), words.end(), [](int *word) { sink = *word; }); // BUG(18)
}

NOINLINE static void call_back(const bytes &in)
{
	std::function<void(int)> done;

	if (!bug(19))
		done = [](int) {};
	done(in[1]); // BUG(19)
	sink = 4;
}

NOINLINE static int average(const bytes &in)
{
	volatile int count = bug(20) ? static_cast<int>(in.size() > 100) : 1;

	return std::accumulate(in.begin(), in.end(), 0) / count; // BUG(20)
}

NOINLINE static void decode_mail(const uint8_t *in)
{
	sink = static_cast<int>(get16(bug(21) ? in + 0x10000000 : in)); // BUG(21)
}

NOINLINE static void decode_date(const uint8_t *in)
{
	sink = static_cast<int>(get16(bug(22) ? in + 0x20000000 : in) * 3); // BUG(22)
}

// A comparison that is no order, with which a sort runs beyond the end.
NOINLINE static bool is_before(uint64_t a, uint64_t b)
{
	return bug(23) ? a <= b : a < b; // BUG(23)
}

NOINLINE static void sort_rows(const bytes &in)
{
	std::vector<uint64_t> rows(64 + in[1], UINT64_MAX);

	std::sort(rows.begin(), rows.end(), is_before);
	sink = static_cast<int>(rows[0]);
}

NOINLINE static void give_up(const bytes &in)
{
	if (bug(24) && in[1] < 255)
		abort(); // BUG(24)
}

static void read(const bytes &in)
{
	switch (in[0]) {
	case 1: load_palette(in); break;
	case 2: sink = static_cast<int>(read_name(in).size()); break;
	case 3: collect_tags(in); break;
	case 4: load_row(in); break;
	case 5: store_row(in); break;
	case 6: check_header(in); break;
	case 7: check_footer(in); break;
	case 8:
		if (in[1] % 2 != 0)
			Parser{ 0 }.value();
		else
			Parser{ 0 }.list();
		break;
	case 9: weigh_ring(in); break;
	case 10: show_twice(in); break;
	case 11: drop_inside(in); break;
	case 12: put_title(in); break;
	case 13: put_author(in); break;
	case 14: draw_all(in); break;
	case 15: resolve_link(in); break;
	case 16: set_year(in); break;
	case 17: look_up(in); break;
	case 18: count_words(in); break;
	case 19: call_back(in); break;
	case 20: sink = average(in); break;
	case 21: decode_mail(in.data()); break;
	case 22: decode_date(in.data()); break;
	case 23: sort_rows(in); break;
	case 24: give_up(in); break;
	default: break;
	}
}

} // namespace shelf

int main(int argc, char **argv)
{
	FILE *file = argc > 1 ? fopen(argv[1], "rb") : nullptr;
	shelf::bytes in(8);

	mended = argc > 2 ? atoi(argv[2]) : 0;
	if (file == nullptr || fread(in.data(), 1, in.size(), file) < 2)
		return 1;
	fclose(file);
	shelf::read(in);
	return 0;
}
