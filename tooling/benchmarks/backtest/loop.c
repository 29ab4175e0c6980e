// The same backtest as a plain loop: crossing of two simple averages, next-open fills, a stop and a target, fees in whole
// units of money, the equity of every bar and the figures of its daily closes. Bars come as columns of doubles:
// t, open, high, low, close. Prints one line of JSON.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct {
  double *values;
  int size, next, count;
  double sum, value;
} Sma;

static Sma sma_new(int size) {
  Sma s = {calloc(size, sizeof(double)), size, 0, 0, 0, NAN};
  return s;
}

static inline double sma_update(Sma *s, double value) {
  double dropped = s->values[s->next];
  s->values[s->next] = value;
  s->next = s->next + 1 == s->size ? 0 : s->next + 1;
  s->count++;
  if (s->next == 0) {
    double sum = 0;
    for (int i = 0; i < s->size; i++) sum += s->values[i];
    s->sum = sum;
  } else {
    s->sum = s->sum + value - dropped;
  }
  if (s->count >= s->size) s->value = s->sum / s->size;
  return s->value;
}

typedef struct {
  int signal;  // 0 hold, 1 long, 2 close
  double stop, target;
} Decision;

typedef struct {
  Sma fast, slow;
} Cross;

// Called through a pointer, as a strategy is.
static Decision cross_on_bar(void *self, double close, double position) {
  Cross *c = self;
  Decision d = {0, 0, 0};
  double before = c->fast.value - c->slow.value;
  double now = sma_update(&c->fast, close) - sma_update(&c->slow, close);
  if (isnan(before)) return d;
  if (before < 0 && now > 0) {
    d.signal = 1;
    d.stop = close * (1 - 0.02);
    d.target = close * (1 + 0.04);
  } else if (before > 0 && now < 0 && position > 0) {
    d.signal = 2;
  }
  return d;
}

typedef Decision (*OnBar)(void *, double, double);

typedef struct {
  double gross, pnl, share;
} Trade;

static double ticks(double price) { return floor(price * 100 + 0.5); }

typedef struct {
  double equity, sharpe, sortino, drawdown, skew, kurtosis, win_rate, factor;
  long trades;
} Result;

static double now_ms(clockid_t id) {
  struct timespec t;
  clock_gettime(id, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void judge(Result *r, const double *t, const double *equity, long n, double capital, const Trade *trades) {
  double *returns = malloc(n * sizeof(double));
  long days = 0;
  double last = 0, peak = 0;
  int first = 1;
  for (long i = 0; i < n; i++) {
    if (i + 1 < n && floor(t[i + 1] / 864e5) == floor(t[i] / 864e5)) continue;
    double value = first ? capital : equity[i];
    if (!first) returns[days++] = value / last - 1;
    last = value;
    first = 0;
    if (value > peak) peak = value;
    if (value / peak - 1 < r->drawdown) r->drawdown = value / peak - 1;
  }
  double mean = 0, m2 = 0, m3 = 0, m4 = 0, down = 0;
  for (long i = 0; i < days; i++) mean += returns[i];
  mean /= days;
  for (long i = 0; i < days; i++) {
    double d = returns[i] - mean;
    m2 += d * d;
    m3 += d * d * d;
    m4 += d * d * d * d;
    if (returns[i] < 0) down += returns[i] * returns[i];
  }
  r->sharpe = mean / sqrt(m2 / (days - 1)) * sqrt(252);
  r->sortino = mean / sqrt(down / days) * sqrt(252);
  r->skew = (m3 / days) / pow(m2 / days, 1.5);
  r->kurtosis = (m4 / days) / ((m2 / days) * (m2 / days)) - 3;
  double won = 0, lost = 0;
  long wins = 0;
  for (long i = 0; i < r->trades; i++) {
    if (trades[i].pnl > 0) won += trades[i].pnl, wins++;
    else lost -= trades[i].pnl;
  }
  r->win_rate = r->trades ? (double)wins / r->trades : 0;
  r->factor = lost > 0 ? won / lost : 0;
  free(returns);
}

static Result run(long n, const double *t, const double *o, const double *h, const double *l, const double *c, OnBar on_bar,
                  void *strategy, double *equity, Trade *trades) {
  const double unit = 1e8, value = 1e6, capital = 100000 * 1e8, rate = 0.5 / 10000;
  double cash = capital, lots = 0, entry = 0, entry_fee = 0, stop = 0, target = 0, notional = 0;
  double want_lots = 0, want_stop = 0, want_target = 0;
  int closing = 0;
  Result r = {0};
#define EXIT(price)                                                            \
  do {                                                                         \
    double fee = floor(lots * (price)*value * rate + 0.5);                     \
    double gross = lots * ((price)-entry) * value;                             \
    cash += gross - fee;                                                       \
    trades[r.trades].gross = gross;                                            \
    trades[r.trades].pnl = gross - fee - entry_fee;                            \
    trades[r.trades].share = trades[r.trades].pnl / notional;                  \
    r.trades++;                                                                \
    lots = 0;                                                                  \
    closing = 0;                                                               \
  } while (0)
  for (long i = 0; i < n; i++) {
    if (closing || want_lots > 0) {
      double open = ticks(o[i]);
      if (closing && lots > 0) EXIT(open);
      closing = 0;
      if (want_lots > 0) {
        double affordable = floor(cash / (open * value) + 1e-9);
        while (affordable > 0 && affordable * open * value + floor(affordable * open * value * rate + 0.5) > cash) affordable--;
        lots = want_lots < affordable ? want_lots : affordable;
        want_lots = 0;
        if (lots > 0) {
          notional = lots * open * value;
          entry_fee = floor(notional * rate + 0.5);
          cash -= entry_fee;
          entry = open;
          stop = want_stop;
          target = want_target;
        }
      }
    }
    if (lots > 0) {
      double open = ticks(o[i]), low = ticks(l[i]), high = ticks(h[i]);
      if (low <= stop) EXIT(open < stop ? open : stop);
      else if (high >= target) EXIT(open > target ? open : target);
    }
    double mark = ticks(c[i]);
    equity[i] = (cash + (lots > 0 ? lots * (mark - entry) * value : 0)) / unit;
    Decision d = on_bar(strategy, c[i], lots);
    if (d.signal == 1 && lots == 0) {
      want_lots = floor(0.5 * capital / (mark * value) + 1e-9);
      want_stop = ticks(d.stop);
      want_target = ticks(d.target);
    } else if (d.signal == 2) {
      want_lots = 0;
      if (lots > 0) closing = 1;
    }
  }
  if (lots > 0) EXIT(ticks(c[n - 1]));
  equity[n - 1] = cash / unit;
  r.equity = cash / unit;
  judge(&r, t, equity, n, capital / unit, trades);
  return r;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  FILE *file = fopen(argv[1], "rb");
  if (!file) return 2;
  fseek(file, 0, SEEK_END);
  long n = ftell(file) / (5 * sizeof(double));
  rewind(file);
  double *data = malloc(n * 5 * sizeof(double));
  if (fread(data, sizeof(double), n * 5, file) != (size_t)n * 5) return 2;
  int passes = atoi(argv[2]);
  double *equity = malloc(n * sizeof(double));
  Trade *trades = malloc(n * sizeof(Trade));
  memset(equity, 0, n * sizeof(double));
  memset(trades, 0, n * sizeof(Trade));
  Result r = {0};
  OnBar volatile on_bar = cross_on_bar;
  double wall = 0, cpu = 0;
  for (int pass = 0; pass < passes; pass++) {
    Cross cross = {sma_new(10), sma_new(30)};
    double w = now_ms(CLOCK_MONOTONIC), u = now_ms(CLOCK_PROCESS_CPUTIME_ID);
    r = run(n, data, data + n, data + 2 * n, data + 3 * n, data + 4 * n, on_bar, &cross, equity, trades);
    wall += now_ms(CLOCK_MONOTONIC) - w;
    cpu += now_ms(CLOCK_PROCESS_CPUTIME_ID) - u;
    free(cross.fast.values);
    free(cross.slow.values);
  }
  printf("{\"bars\":%ld,\"passes\":%d,\"wallMs\":%.6f,\"cpuMs\":%.6f,\"trades\":%ld,\"equity\":\"%.8f\",\"sharpe\":%.12g,\"drawdown\":%.12g,\"winRate\":%.12g}\n",
         n, passes, wall, cpu, r.trades, r.equity, r.sharpe, r.drawdown, r.win_rate);
  return 0;
}
