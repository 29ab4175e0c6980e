# The same idea in other tools: crossing of two simple averages, fees, one symbol, the tool's own statistics.
# Usage: peers.py FILE TOOL PASSES, where FILE holds columns of doubles (t, open, high, low, close). Prints one line of JSON.
import json, sys, time, warnings

import numpy as np
import pandas as pd

warnings.filterwarnings("ignore")
FAST, SLOW, CASH, FEE = 10, 30, 100_000.0, 0.5 / 10_000


def load(path):
    t, o, h, l, c = np.fromfile(path).reshape(5, -1)
    index = pd.to_datetime(t.astype("int64"), unit="ms")
    return pd.DataFrame({"Open": o, "High": h, "Low": l, "Close": c, "Volume": 1.0}, index=index)


def backtesting_py(data):
    from backtesting import Backtest, Strategy
    from backtesting.lib import crossover

    def average(values, n):
        return pd.Series(values).rolling(n).mean()

    class Cross(Strategy):
        def init(self):
            self.fast = self.I(average, self.data.Close, FAST, plot=False)
            self.slow = self.I(average, self.data.Close, SLOW, plot=False)

        def next(self):
            price = self.data.Close[-1]
            if crossover(self.fast, self.slow):
                if not self.position:
                    self.buy(size=0.5, sl=price * 0.98, tp=price * 1.04)
            elif crossover(self.slow, self.fast):
                self.position.close()

    return int(Backtest(data, Cross, cash=CASH, commission=FEE, finalize_trades=True).run()["# Trades"])


def backtrader(data):
    import backtrader as bt

    class Cross(bt.Strategy):
        def __init__(self):
            self.cross = bt.ind.CrossOver(bt.ind.SMA(period=FAST), bt.ind.SMA(period=SLOW))

        def next(self):
            price = self.data.close[0]
            if self.cross > 0 and not self.position:
                self.bracket = self.buy_bracket(size=int(0.5 * CASH / price), exectype=bt.Order.Market, stopprice=price * 0.98, limitprice=price * 1.04)
            elif self.cross < 0 and self.position:
                for order in self.bracket[1:]:
                    self.cancel(order)
                self.close()

    cerebro = bt.Cerebro(stdstats=False)
    cerebro.adddata(bt.feeds.PandasData(dataname=data))
    cerebro.addstrategy(Cross)
    cerebro.addanalyzer(bt.analyzers.TradeAnalyzer)
    cerebro.addanalyzer(bt.analyzers.DrawDown)
    cerebro.addanalyzer(bt.analyzers.SharpeRatio)
    cerebro.broker.setcash(CASH)
    cerebro.broker.setcommission(FEE)
    return int(cerebro.run()[0].analyzers[0].get_analysis().total.closed)


def vectorbt(data):
    import vectorbt as vbt

    close = data["Close"]
    fast, slow = vbt.MA.run(close, FAST), vbt.MA.run(close, SLOW)
    portfolio = vbt.Portfolio.from_signals(
        close, fast.ma_crossed_above(slow), fast.ma_crossed_below(slow),
        init_cash=CASH, fees=FEE, size=0.5, size_type="percent", sl_stop=0.02, tp_stop=0.04, freq="1min",
    )
    return int(portfolio.stats()["Total Closed Trades"])


def main():
    data = load(sys.argv[1])
    run = {"backtesting.py": backtesting_py, "backtrader": backtrader, "vectorbt": vectorbt}[sys.argv[2]]
    run(data.iloc[:2_000])  # what is compiled at the first use is not counted
    passes = int(sys.argv[3])
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(passes):
        trades = run(data)
    print(json.dumps({
        "bars": len(data), "passes": passes, "trades": trades,
        "wallMs": (time.perf_counter() - wall) * 1e3, "cpuMs": (time.process_time() - cpu) * 1e3,
    }))


main()
