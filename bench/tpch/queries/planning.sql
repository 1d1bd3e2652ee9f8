SELECT n1.n_name AS customers, n2.n_name AS suppliers, p_name, sum(l_extendedprice)
FROM part, supplier, lineitem, orders, customer, partsupp, nation n1, nation n2, region r1, region r2
WHERE p_partkey = l_partkey AND s_suppkey = l_suppkey AND l_orderkey = o_orderkey AND o_custkey = c_custkey
  AND ps_partkey = l_partkey AND ps_suppkey = l_suppkey AND c_nationkey = n1.n_nationkey AND n1.n_regionkey = r1.r_regionkey
  AND s_nationkey = n2.n_nationkey AND n2.n_regionkey = r2.r_regionkey AND r1.r_name = 'AMERICA'
  AND o_orderdate BETWEEN date '1995-01-01' AND date '1996-12-31' AND p_type = 'ECONOMY ANODIZED STEEL'
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
