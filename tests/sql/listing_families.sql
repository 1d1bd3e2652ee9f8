-- Listings of operator families and of kinds of objects that a fresh database has few of, or none
\dAc
\dAc+ btree int*
\dAc hash *text*
\dAc nosuch
\dAf
\dAf+
\dAf btree int*
\dAf btree integer
\dAf+ gist point
\dAf nosuch
\dAo btree integer_ops
\dAo+ hash
\dAo * *text*
\dAo nosuch
\dAp btree
\dAp+ btree integer_ops
\dAp+ gin
\dAp nosuch
\dAc a.b
\dAf btree a.b.c
\dF
\dF+ english
\dF nosuch
\dF a.b.c.d
\dFd
\dFd+ s*
\dFd nosuch
\dFp
\dFp+
\dFp+ default
\dFp nosuch
\dFt
\dFt+
\dFt nosuch
\dL
\dLS+
\dL plpgsql
\dL nosuch
\dc
\dc utf8*
\dcS+ iso*
\dc nosuch
\dy nosuch
\dX
\dX+
\dX nosuch
\dX a.b.c
\dl
\dl+
\lo_list
\dx
\dx+
\dx+ plpgsql
\dconfig+ *work_mem
\dconfig work_mem
\dconfig no_such*
