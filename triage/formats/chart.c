/* SPDX-License-Identifier: Apache-2.0
 * Drawing. Coordinates are in units of a page 520 wide, so that text can be read on a phone. */
#include "chart.h"

#include "base/escape.h"
#include "base/util.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define WIDTH  520.0
#define LABELS 112.0 /* left of the bars */

/* Colours that colour-blind readers can tell apart (Okabe and Ito, 2008), a little lighter on dark. */
#define STYLE \
	"<style>.f{font:11px system-ui,sans-serif;fill:#1c1e21}.s{fill:#5d636b}.g{stroke:#d9dce0;stroke-width:.7}" \
	".a{stroke:#5d636b;stroke-width:.8}.v0{fill:#0072b2}.v1{fill:#56b4e9}.v2{fill:#e69f00}.v3{fill:#a3a8ae}" \
	".v4{fill:#d55e00}.l0{stroke:#0072b2;fill:#0072b2}.l1{stroke:#d55e00;fill:#d55e00}" \
	".l2{stroke:#009e73;fill:#009e73}.l3{stroke:#cc79a7;fill:#cc79a7}.l4{stroke:#b58900;fill:#b58900}" \
	".n{fill:none;stroke-width:1.6;stroke-linejoin:round}.d{stroke:none;opacity:.16}" \
	".p{stroke:none}.h{font-weight:600}" \
	"@media(prefers-color-scheme:dark){.f{fill:#e4e6e9}.s{fill:#9aa1aa}.g{stroke:#353a41}.a{stroke:#9aa1aa}" \
	".v0{fill:#3a9bdc}.v3{fill:#737a82}.v4{fill:#f07838}.l0{stroke:#3a9bdc;fill:#3a9bdc}" \
	".l1{stroke:#f07838;fill:#f07838}.n{fill:none}.d,.p{stroke:none}}" \
	"@media print{.f{fill:#000}.s{fill:#444}}</style>\n"

static const char *const verdicts[CHART_PARTS] = { "right", "wrong kind", "trap", "language",
	"silent" };

struct drawing {
	FILE *out;
	char *bytes;
	size_t size;
};

/* The stream writes to @drawing until its end: it must stay where it is. */
static void begin_chart(struct drawing *drawing, const char *title, double height)
{
	drawing->out = text_open(&drawing->bytes, &drawing->size);
	fprintf(drawing->out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" "
		"aria-label=\"",
		WIDTH, height);
	escape_html(drawing->out, title);
	fputs("\">\n<title>", drawing->out);
	escape_html(drawing->out, title);
	fputs("</title>\n" STYLE, drawing->out);
}

static char *end(struct drawing *drawing)
{
	fputs("</svg>\n", drawing->out);
	text_close(drawing->out);
	return drawing->bytes;
}

static void text(
	FILE *out, double x, double y, const char *anchor, const char *class, const char *words)
{
	fprintf(out, "<text class=\"f %s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", class, x, y,
		anchor);
	escape_html(out, words);
	fputs("</text>\n", out);
}

static void line(FILE *out, const char *class, double x1, double y1, double x2, double y2)
{
	fprintf(out, "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>\n",
		class, x1, y1, x2, y2);
}

static void box(FILE *out, const char *class, double x, double y, double width, double height)
{
	fprintf(out, "<rect class=\"%s\" x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\"/>\n",
		class, x, y, width, height);
}

/* Percent lines over a field from @left to the right edge. */
static void percent_grid(FILE *out, double left, double top, double bottom, double right)
{
	for (int i = 0; i <= 4; i++) {
		double x = left + (right - left) * i / 4;
		char words[16];

		snprintf(words, sizeof(words), "%d %%", 25 * i);
		line(out, "g", x, top, x, bottom);
		text(out, x, bottom + 13, i == 4 ? "end" : "middle", "s", words);
	}
}

/* ---- stacked bars ---------------------------------------------------------------------------- */

static void stack_legend(FILE *out)
{
	double x = 0;

	for (int v = 0; v < CHART_PARTS; v++) {
		char class[4];

		snprintf(class, sizeof(class), "v%d", v);
		box(out, class, x, 2, 10, 10);
		text(out, x + 14, 11, "start", "", verdicts[v]);
		x += 26 + 6.2 * (double)__builtin_strlen(verdicts[v]);
	}
}

static void draw_stack(FILE *out, const struct chart_stack *stack, double y)
{
	double x = LABELS;

	text(out, LABELS - 6, y + 9, "end", "", stack->label);
	for (int v = 0; v < CHART_PARTS; v++) {
		double width = stack->shares[v] * (WIDTH - LABELS);
		char class[4];

		snprintf(class, sizeof(class), "v%d", v);
		if (width > 0)
			box(out, class, x, y, width, 10);
		x += width;
	}
}

char *chart_stacks(const char *title, const struct chart_stack *stacks, size_t count)
{
	double y = 24, height = 24 + 20;
	struct drawing drawing;

	for (size_t i = 0; i < count; i++)
		height += stacks[i].label == NULL ? 21 : 13;
	begin_chart(&drawing, title, height);
	stack_legend(drawing.out);
	percent_grid(drawing.out, LABELS, 22, height - 18, WIDTH);
	for (size_t i = 0; i < count; i++) {
		if (stacks[i].label == NULL) {
			text(drawing.out, 0, y + 15, "start", "h", stacks[i].group);
			y += 21;
		} else {
			draw_stack(drawing.out, &stacks[i], y);
			y += 13;
		}
	}
	return end(&drawing);
}

/* ---- distance -------------------------------------------------------------------------------- */

#define FIELD_TOP    30.0
#define FIELD_BOTTOM 210.0
#define FIELD_LEFT   38.0
#define BUCKETS      22   /* 4 MiB and beyond */
#define GAP          18.0 /* the object, between before and behind */

static double distance_x(const struct chart_point *point)
{
	double middle = (FIELD_LEFT + WIDTH - 8) / 2;
	double step = (WIDTH - 8 - FIELD_LEFT - GAP) / 2 / BUCKETS;
	double offset = GAP / 2 + step * (point->bucket + 0.5);

	return point->before ? middle - offset : middle + offset;
}

static double share_y(double share)
{
	return FIELD_BOTTOM - share * (FIELD_BOTTOM - FIELD_TOP);
}

static void share_axis(FILE *out)
{
	for (int i = 0; i <= 4; i++) {
		char words[16];

		snprintf(words, sizeof(words), "%d %%", 25 * i);
		line(out, "g", FIELD_LEFT, share_y(i / 4.0), WIDTH - 8, share_y(i / 4.0));
		text(out, FIELD_LEFT - 5, share_y(i / 4.0) + 4, "end", "s", words);
	}
}

static void distance_axes(FILE *out)
{
	static const struct {
		int bucket;
		const char *label;
	} ticks[] = { { 0, "1" }, { 4, "16" }, { 8, "256" }, { 12, "4 Ki" }, { 16, "64 Ki" },
		{ 20, "1 Mi" } };

	share_axis(out);
	for (size_t i = 0; i < sizeof(ticks) / sizeof(*ticks); i++)
		for (int before = 0; before < 2; before++) {
			struct chart_point point = { ticks[i].bucket, before != 0, 0, 0, 0 };

			line(out, "a", distance_x(&point), FIELD_BOTTOM, distance_x(&point),
				FIELD_BOTTOM + 4);
			text(out, distance_x(&point), FIELD_BOTTOM + 15, "middle", "s",
				ticks[i].label);
		}
	text(out, FIELD_LEFT, FIELD_BOTTOM + 31, "start", "s", "bytes before the object");
	text(out, WIDTH - 8, FIELD_BOTTOM + 31, "end", "s", "bytes behind the object");
	line(out, "a", FIELD_LEFT, FIELD_BOTTOM, WIDTH - 8, FIELD_BOTTOM);
}

/* The points of one side of the object; they are not joined across it. */
static void distance_side(FILE *out, const struct chart_line *of, size_t number, bool before)
{
	size_t drawn = 0;

	fprintf(out, "<path class=\"l%zu d\" d=\"", number);
	for (size_t i = 0; i < of->count; i++)
		if (of->points[i].before == before)
			fprintf(out, "%s%.1f %.1f", drawn++ == 0 ? "M" : "L",
				distance_x(&of->points[i]), share_y(of->points[i].high));
	for (size_t i = of->count; i-- > 0;)
		if (of->points[i].before == before)
			fprintf(out, "L%.1f %.1f", distance_x(&of->points[i]),
				share_y(of->points[i].low));
	fprintf(out, "%s\"/>\n<path class=\"l%zu n\" d=\"", drawn > 0 ? "Z" : "", number);
	drawn = 0;
	for (size_t i = 0; i < of->count; i++)
		if (of->points[i].before == before)
			fprintf(out, "%s%.1f %.1f", drawn++ == 0 ? "M" : "L",
				distance_x(&of->points[i]), share_y(of->points[i].share));
	fputs("\"/>\n", out);
	for (size_t i = 0; i < of->count; i++)
		if (of->points[i].before == before)
			fprintf(out, "<circle class=\"l%zu p\" cx=\"%.1f\" cy=\"%.1f\" r=\"2\"/>\n",
				number, distance_x(&of->points[i]), share_y(of->points[i].share));
}

char *chart_distance(const char *title, const struct chart_line *lines, size_t count)
{
	struct drawing drawing;
	double x = FIELD_LEFT;

	begin_chart(&drawing, title, FIELD_BOTTOM + 38);
	distance_axes(drawing.out);
	for (size_t i = 0; i < count && i < CHART_REGIONS; i++) {
		char class[8];

		snprintf(class, sizeof(class), "l%zu p", i);
		box(drawing.out, class, x, 5, 14, 4);
		text(drawing.out, x + 18, 11, "start", "", lines[i].label);
		x += 40 + 6.2 * (double)__builtin_strlen(lines[i].label);
		distance_side(drawing.out, &lines[i], i, true);
		distance_side(drawing.out, &lines[i], i, false);
	}
	return end(&drawing);
}

/* ---- slopes ---------------------------------------------------------------------------------- */

char *chart_slopes(const char *title, const char *axis, double most,
	const struct chart_slope *slopes, size_t count)
{
	double x = FIELD_LEFT, right = WIDTH - 8;
	struct drawing drawing;

	begin_chart(&drawing, title, FIELD_BOTTOM + 38);
	share_axis(drawing.out);
	for (int i = 0; i <= 4; i++) {
		double at = FIELD_LEFT + i / 4.0 * (right - FIELD_LEFT);
		char words[16];

		snprintf(words, sizeof(words), "%.0f %%", 100 * most * i / 4);
		text(drawing.out, at, FIELD_BOTTOM + 15, i < 4 ? "middle" : "end", "s", words);
	}
	text(drawing.out, right, FIELD_BOTTOM + 31, "end", "s", axis);
	for (size_t i = 0; i < count && i < CHART_REGIONS; i++) {
		char class[8];

		snprintf(class, sizeof(class), "l%zu p", i);
		box(drawing.out, class, x, 5, 14, 4);
		text(drawing.out, x + 18, 11, "start", "", slopes[i].label);
		x += 40 + 6.2 * (double)__builtin_strlen(slopes[i].label);
		snprintf(class, sizeof(class), "l%zu n", i);
		line(drawing.out, class, FIELD_LEFT, share_y(slopes[i].from), right,
			share_y(slopes[i].to));
	}
	return end(&drawing);
}

/* ---- Pareto ---------------------------------------------------------------------------------- */

char *chart_pareto(const char *title, const struct chart_bar *bars, size_t count)
{
	double most = count > 0 ? bars[0].share : 0, sum = 0;
	double room = WIDTH - LABELS - 128;
	struct drawing drawing;

	begin_chart(&drawing, title, 20 + 17 * (double)(count > 0 ? count : 1));
	text(drawing.out, WIDTH - 62, 10, "end", "s", "share");
	text(drawing.out, WIDTH, 10, "end", "s", "so far");
	for (size_t i = 0; i < count; i++) {
		double y = 18 + 17 * (double)i;
		char words[32];

		sum += bars[i].share;
		text(drawing.out, LABELS - 6, y + 10, "end", "", bars[i].label);
		box(drawing.out, "v4", LABELS, y, most > 0 ? bars[i].share / most * room : 0, 12);
		snprintf(words, sizeof(words), "%.1f %%", 100 * bars[i].share);
		text(drawing.out, WIDTH - 62, y + 10, "end", "", words);
		snprintf(words, sizeof(words), "%.1f %%", 100 * sum);
		text(drawing.out, WIDTH, y + 10, "end", "s", words);
	}
	if (count == 0)
		text(drawing.out, 0, 26, "start", "s", "nothing was silent");
	return end(&drawing);
}

/* ---- strips ---------------------------------------------------------------------------------- */

static double log_x(double value, double low, double high)
{
	return LABELS + (log(value) - log(low)) / (log(high) - log(low)) * (WIDTH - LABELS - 12);
}

static void strip_axis(FILE *out, double low, double high, double bottom, const char *unit)
{
	for (double tick = low; tick <= high * 1.001; tick *= 2) {
		double x = log_x(tick, low, high);
		char words[48];

		snprintf(words, sizeof(words), "%g", tick);
		line(out, "g", x, 4, x, bottom);
		text(out, x, bottom + 13, "middle", "s", words);
	}
	text(out, LABELS - 6, bottom + 13, "end", "s", unit);
}

char *chart_strips(
	const char *title, const char *unit, const struct chart_strip *strips, size_t count)
{
	double low = 0.5, high = 2, bottom = 6 + 18 * (double)count;
	struct drawing drawing;

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < strips[i].count; k++) {
			while (strips[i].values[k] > high)
				high *= 2;
			while (strips[i].values[k] < low && low > 1e-3)
				low /= 2;
		}
	begin_chart(&drawing, title, bottom + 20);
	strip_axis(drawing.out, low, high, bottom, unit);
	for (size_t i = 0; i < count; i++) {
		double y = 6 + 18 * (double)i + 8;

		text(drawing.out, LABELS - 6, y + 4, "end", "", strips[i].label);
		for (size_t k = 0; k < strips[i].count; k++)
			fprintf(drawing.out,
				"<circle class=\"v0\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.2\" "
				"opacity=\".55\"/>\n",
				log_x(strips[i].values[k], low, high), y);
	}
	return end(&drawing);
}
