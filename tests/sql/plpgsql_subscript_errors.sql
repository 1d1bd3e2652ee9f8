-- what is wrong in a subscript of an assignment's target is said of the assignment
do $$ declare a int[]; begin a[1 +] := 3; end $$;
do $$ declare a int[]; begin a[nosuch] := 3; end $$;
do $$ declare a int[]; begin
  a[1][2 2] := 3; end $$;
do $$ declare a int[]; begin a[1:] := '{3}'; end $$;
do $$ declare a int[]; begin a[)] := 3; end $$;
do $$ declare a int[]; b int; begin a[1] := 3 +; end $$;
do $$ declare a int[]; b int; begin b := a[1 1]; end $$;
do $$ declare a int[]; begin a[1:2 *] := 3; end $$;
do $$ declare a int[]; begin a[2 * :3] := 3; end $$;
do $$ declare a int[]; begin a[1][(2] := 3; end $$;
do $$ declare a int[]; begin a[] := 3; end $$;
do $$ declare a int[]; begin a[1]] := 3; end $$;
do $$ declare a int[]; begin a[1] 3; end $$;
do $$ declare a int[]; begin a[select 1] := 3; end $$;
